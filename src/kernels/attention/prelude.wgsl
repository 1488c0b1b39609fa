// Masked scores. Finite, so that a query that has seen no key yet keeps a difference of scores of 0 instead of NaN; what it
// gathered is wiped out when its first key comes.
const LOWEST = -1e30;
const LN2 = 0.6931471805599453;
const LOG2E = 1.4426950408889634;
