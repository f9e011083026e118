/** Of everything that a browser may show: it guesses no types, tells nobody where it was, and embeds nothing elsewhere. */
export const SAFE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;
