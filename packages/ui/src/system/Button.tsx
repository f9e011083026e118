// Buttons. A link that looks like one is a <Link className={buttonClass(...)}>.
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './button.module.css';
import { Icon, type IconName } from './Icon.tsx';

export interface ButtonLook {
  readonly kind?: 'normal' | 'primary' | 'danger' | 'quiet';
  readonly size?: 'normal' | 'small';
}

interface ButtonProps extends ButtonLook, ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon?: IconName;
  /** Of a button that is a switch. */
  readonly pressed?: boolean;
  /** What it began goes on. It cannot be pressed, but keeps the focus, which a disabled button loses. */
  readonly busy?: boolean | undefined;
  readonly children: ReactNode;
}

export function Button({ kind, size, icon, pressed, busy, children, className = '', onClick, ...rest }: ButtonProps) {
  const on = pressed ? styles['on'] : '';
  return (
    <button
      type="button"
      aria-pressed={pressed}
      aria-disabled={busy}
      className={`${buttonClass({ kind, size })} ${on} ${className}`}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonLook, Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  readonly icon: IconName;
  /** What it does; also shown on hover. */
  readonly label: string;
  readonly pressed?: boolean | undefined;
}

export function IconButton({ icon, label, kind = 'quiet', size, pressed, className = '', ...rest }: IconButtonProps) {
  const on = pressed ? styles['on'] : '';
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      className={`${buttonClass({ kind, size })} ${styles['icon']} ${on} ${className}`}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}

export function buttonClass({
  kind = 'normal',
  size = 'normal',
}: { [K in keyof ButtonLook]?: ButtonLook[K] | undefined }): string {
  return [styles['button'], kind === 'normal' ? '' : styles[kind], size === 'small' ? styles['small'] : ''].join(' ');
}
