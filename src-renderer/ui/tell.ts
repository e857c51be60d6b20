type Told = { title?: string; message: string; kind?: 'error'; forMs?: number };

/** Says something in passing, at the edge of the screen; the code for it is fetched when it is first needed. */
export function tell({ title, message, kind, forMs }: Told): void {
  void import('@mantine/notifications').then(({ notifications }) =>
    notifications.show({
      message,
      ...(title !== undefined && { title }),
      ...(kind === 'error' && { color: 'red' }),
      autoClose: forMs ?? (kind === 'error' ? 8_000 : 1_500),
      withCloseButton: kind === 'error',
    }),
  );
}
