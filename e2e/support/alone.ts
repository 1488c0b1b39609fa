/** Details of a test that takes the time of a page: no other runs beside it. */
export const ALONE = { tag: '@alone' };
