/** Who terminates a run that another one is made out of. */
export const RESETTER_IDENTITY = 'history-resetter';
