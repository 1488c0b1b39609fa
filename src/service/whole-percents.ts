/** Progress reports: each whole percent once, since values by the million would flood the listener. */
export function wholePercents(tell: (percent: number) => void): (done: number, total: number) => void {
  let told = -1;
  return (done, total) => {
    const percent = Math.floor((100 * done) / total);
    if (percent > told) tell((told = percent));
  };
}
