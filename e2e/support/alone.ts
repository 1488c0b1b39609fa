/** Details of a test that measures time: no other test runs beside it. */
export const ALONE = { tag: '@alone' };
