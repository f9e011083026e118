// Where the Web UI begins.
import './system/tokens.css';
import './system/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { router } from './app/router.tsx';
import { apply } from './settings/preferences.ts';

apply();
// Browsers keep some functions from pages that come over plain HTTP from another machine.
if (isSecureContext) begin();
else {
  void import('./system/without-tls.ts').then(({ addWhatIsMissing }) => {
    addWhatIsMissing();
    begin();
  });
}

function begin(): void {
  const root = document.getElementById('app');
  if (root === null) throw new Error('the page has no element #app');
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
