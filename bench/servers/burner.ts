/**
 * A busy neighbour: it burns CPU for a while and rests for a while, each between a quarter of a second and two, by a seed, so
 * that it is the same neighbour each time. It listens to nothing.
 */
import { seededRandom } from '../../load/random.ts';

const random = seededRandom(3);
const whileMs = () => 250 + random() * 1_750;

function burn(): void {
  const untilMs = performance.now() + whileMs();
  while (performance.now() < untilMs);
  setTimeout(burn, whileMs());
}

process.stdout.write(`ready pid=${process.pid} port=0\n`);
burn();
