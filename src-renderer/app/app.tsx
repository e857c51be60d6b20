import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { inBrowser, queries } from '../client/index.ts';
import { router } from './routes.tsx';
import { colorSchemes, theme } from './theme.ts';
import { WindowCommandListener } from './window-command-listener.tsx';

export function App(): ReactElement {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemes}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
      {!inBrowser && <WindowCommandListener />}
    </MantineProvider>
  );
}
