// The open menu. Loaded when a menu is opened for the first time.
import type { RefObject } from 'react';
import { Menu, MenuItem, Popover } from 'react-aria-components';
import { Icon } from './Icon.tsx';
import styles from './menu.module.css';
import type { MenuItemSpec } from './menu-item.ts';

interface Props {
  readonly label: string;
  readonly items: readonly MenuItemSpec[];
  readonly trigger: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}

export function MenuPopup({ label, items, trigger, onClose }: Props) {
  return (
    <Popover
      isOpen
      triggerRef={trigger}
      placement="bottom end"
      onOpenChange={(open) => !open && onClose()}
      className={styles['popover'] ?? ''}
    >
      <Menu aria-label={label} autoFocus="first" onClose={onClose} className={styles['menu'] ?? ''}>
        {items.map(({ id, words, icon, danger, disabled = false, onAction }) => (
          <MenuItem
            key={id}
            id={id}
            textValue={words}
            isDisabled={disabled}
            onAction={onAction}
            className={`${styles['item']} ${danger ? styles['danger'] : ''}`}
          >
            {icon && <Icon name={icon} />}
            {words}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
