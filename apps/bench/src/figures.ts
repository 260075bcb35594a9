/** The middle value, or the mean of the two. NaN of nothing. */
export function median(values: readonly number[]): number {
  return percentile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** Of values in ascending order, by the nearest rank. */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  if (ascending.length === 0) return Number.NaN;
  if (share === 0.5 && ascending.length % 2 === 0) {
    const upper = ascending.length / 2;
    return ((ascending[upper - 1] ?? Number.NaN) + (ascending[upper] ?? Number.NaN)) / 2;
  }
  const rank = Math.ceil(share * ascending.length) - 1;
  return ascending[Math.min(Math.max(rank, 0), ascending.length - 1)] ?? Number.NaN;
}
