// The bar at the top: where one is (namespace), the way to everything else (palette), and how things are shown.
import { Suspense, useRef, useState } from 'react';
import { useAnswering } from '../api/answering.ts';
import { frame } from '../messages/frame.ts';
import { setPreferences, type Theme, usePreferences } from '../settings/preferences.ts';
import { Button, IconButton } from '../system/Button.tsx';
import { Icon, type IconName } from '../system/Icon.tsx';
import { lazyPart } from '../system/lazy.ts';
import styles from './frame.module.css';
import type { Overlay } from './shortcuts.ts';

const NamespacePicker = lazyPart(async () => (await import('./NamespacePicker.tsx')).NamespacePicker);

interface Props {
  readonly namespace: string | undefined;
  readonly onMenu: () => void;
  readonly onOverlay: (overlay: Overlay) => void;
}

export function TopBar({ namespace, onMenu, onOverlay }: Props) {
  const { timeFormat, codec } = usePreferences();
  const codecOn = codec.endpoint !== '';
  return (
    <header className={styles['top']}>
      <div className={styles['menu']}>
        <IconButton icon="taskQueues" label={frame.navigation} onClick={onMenu} />
      </div>
      {namespace !== undefined && <NamespaceButton namespace={namespace} />}
      <button type="button" className={styles['palette']} title={frame.search} onClick={() => onOverlay('palette')}>
        <Icon name="search" />
        <span>{frame.search}</span>
        <kbd aria-hidden="true">{/Mac/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
      </button>
      <LiveSwitch />
      <IconButton
        icon={codecOn ? 'key' : 'lock'}
        label={codecOn ? frame.codec.on : frame.codec.off}
        onClick={() => onOverlay('settings')}
      />
      <IconButton
        icon="clock"
        label={frame.times[timeFormat]}
        onClick={() => setPreferences({ timeFormat: timeFormat === 'relative' ? 'exact' : 'relative' })}
      />
      <ThemeButton />
    </header>
  );
}

function NamespaceButton({ namespace }: { readonly namespace: string }) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={trigger}
        type="button"
        className={styles['namespace']}
        aria-label={`${frame.namespace}: ${namespace}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span className="ellipsis">{namespace}</span>
        <Icon name="down" size={12} />
      </button>
      {open && (
        <Suspense>
          <NamespacePicker namespace={namespace} trigger={trigger} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

function LiveSwitch() {
  const { live } = usePreferences();
  const isAnswering = useAnswering();
  const [words, look] = !isAnswering ? [frame.away, 'awayDot'] : live ? [frame.live, ''] : [frame.paused, 'pausedDot'];
  return (
    <Button
      kind="quiet"
      title={live ? frame.liveHint : frame.pausedHint}
      pressed={live}
      onClick={() => setPreferences({ live: !live })}
    >
      <span className={`${styles['liveDot']} ${styles[look]}`} />
      <span aria-live="polite" className={styles['liveWords']}>
        {words}
      </span>
    </Button>
  );
}

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const THEME_ICONS: Readonly<Record<Theme, IconName>> = { system: 'settings', light: 'sun', dark: 'moon' };

function ThemeButton() {
  const { theme } = usePreferences();
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return (
    <IconButton
      icon={theme === 'system' ? 'sun' : THEME_ICONS[theme]}
      label={frame.theme[theme]}
      onClick={() => setPreferences({ theme: next })}
    />
  );
}
