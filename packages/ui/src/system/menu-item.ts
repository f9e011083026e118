// What a menu offers.
import type { IconName } from './Icon.tsx';

export interface MenuItemSpec {
  readonly id: string;
  readonly words: string;
  readonly icon?: IconName;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onAction: () => void;
}
