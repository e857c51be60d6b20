import { ActionIcon, type ActionIconProps } from '@mantine/core';
import type { ComponentPropsWithRef, ReactElement } from 'react';

type IconButtonProps = ActionIconProps &
  Omit<ComponentPropsWithRef<'button'>, keyof ActionIconProps> & { label: string };

/** A button that is only a picture: its name is read aloud and shown on hover. */
export function IconButton({ label, title, ...rest }: IconButtonProps): ReactElement {
  return <ActionIcon aria-label={label} title={title ?? label} {...rest} />;
}
