// How long commands that wait put up with a server that is away. Apart from what does it, as the help says it as well.

export const RECONNECT_MS = 60_000;

/** For the help of commands that wait. */
export const RECONNECTS = `While the server is restarted, it goes on waiting, for up to ${RECONNECT_MS / 1000} s.`;

export const LOST_NOTE = 'The connection was lost; trying again.';
