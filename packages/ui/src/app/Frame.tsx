// What surrounds every page: the rail, the bar at the top, and what lies over the page (palette, settings, notes).
import { Outlet, useParams, useRouterState } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { frame } from '../messages/frame.ts';
import { rememberNamespace } from '../settings/last-namespace.ts';
import { lazyPart } from '../system/lazy.ts';
import { Skeleton } from '../system/Notice.tsx';
import { Toasts } from '../system/Toasts.tsx';
import styles from './frame.module.css';
import { Rail } from './Rail.tsx';
import { type Overlay, useShortcuts } from './shortcuts.ts';
import { TopBar } from './TopBar.tsx';

const loadPalette = () => import('./palette/Palette.tsx');
const Palette = lazyPart(async () => (await loadPalette()).Palette);
/** Then the page stands, and who opens the palette types at once. */
const PALETTE_AFTER_MS = 1_000;
const SettingsDrawer = lazyPart(async () => (await import('./settings/SettingsDrawer.tsx')).SettingsDrawer);
const ShortcutSheet = lazyPart(async () => (await import('./ShortcutSheet.tsx')).ShortcutSheet);

export function Frame() {
  const [overlay, setOverlay] = useState<Overlay>();
  // Where the rail was opened over the page (on a narrow screen): elsewhere it is away again.
  const [railOpenAt, setRailOpenAt] = useState<string>();
  const { namespace } = useParams({ strict: false });
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    if (namespace !== undefined) rememberNamespace(namespace);
  }, [namespace]);
  useEffect(() => {
    const timer = setTimeout(() => {
      void loadPalette().catch(() => {
        // It is loaded when it is opened.
      });
    }, PALETTE_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  useShortcuts(setOverlay, namespace);
  const close = () => setOverlay(undefined);
  return (
    <div className={styles['frame']}>
      {/* A link to "#main" would lead to the page's base. */}
      <button type="button" className={styles['skip']} onClick={() => document.getElementById('main')?.focus()}>
        {frame.skip}
      </button>
      <Rail namespace={namespace} open={railOpenAt === pathname} onSettings={() => setOverlay('settings')} />
      <TopBar
        namespace={namespace}
        onMenu={() => setRailOpenAt(railOpenAt === pathname ? undefined : pathname)}
        onOverlay={setOverlay}
      />
      <main id="main" tabIndex={-1} className={styles['main']}>
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
      <Suspense>
        {overlay === 'palette' && <Palette namespace={namespace} onClose={close} onOverlay={setOverlay} />}
        {overlay === 'settings' && <SettingsDrawer onClose={close} />}
        {overlay === 'shortcuts' && <ShortcutSheet onClose={close} />}
      </Suspense>
      <Toasts />
    </div>
  );
}

function Loading() {
  return (
    <div className="page">
      <Skeleton lines={6} />
    </div>
  );
}
