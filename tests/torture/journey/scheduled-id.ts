/** What a schedule adds to the workflow id of its action: the time, and a number if the second has several. */
export const SCHEDULED_TIME = /-(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)(-\d+)?$/;
