// A button that opens a menu. Only the button is part of the page's first load.
import { Suspense, useRef, useState } from 'react';
import { type ButtonLook, buttonClass } from './Button.tsx';
import { Icon, type IconName } from './Icon.tsx';
import { lazyPart } from './lazy.ts';
import type { MenuItemSpec } from './menu-item.ts';

const MenuPopup = lazyPart(async () => (await import('./MenuPopup.tsx')).MenuPopup);

interface Props extends ButtonLook {
  /** Shown, unless there is only an icon. */
  readonly label: string;
  readonly icon?: IconName;
  readonly iconOnly?: boolean;
  readonly items: readonly MenuItemSpec[];
}

export function MenuButton({ label, icon = 'down', iconOnly = false, items, kind = 'normal', size = 'normal' }: Props) {
  const [open, setOpen] = useState(false);
  const trigger = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={trigger}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        {...(iconOnly ? { 'aria-label': label, title: label } : {})}
        className={buttonClass({ kind, size })}
        onClick={() => setOpen(!open)}
      >
        {!iconOnly && label}
        <Icon name={icon} />
      </button>
      {open && (
        <Suspense>
          <MenuPopup label={label} items={items} trigger={trigger} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
