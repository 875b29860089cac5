/** The counts of a histogram as HdrHistogram lays them out (V2): zigzag varints, bucket by bucket. */
import { VarintReader } from './varints.ts';

/** Tells each filled bucket by its number, in rising order; a number below 0 stands for so many empty ones. */
export function eachHdrCount(opened: Uint8Array, onCount: (bucket: number, count: number) => void): void {
  const reader = new VarintReader(opened);
  for (let bucket = 0; !reader.isDone;) {
    const count = reader.readSigned();
    if (count > 0) onCount(bucket, count);
    bucket += count < 0 ? -count : 1;
  }
}
