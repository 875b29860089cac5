/** Could the numbers be trusted, and what did the measured processes use. */
import type { ResourceSummary } from '../../load/measure/resource-series.ts';
import type { GeneratorVerdict, RunSummary } from '../../load/measure/summary.ts';
import { formatMb, formatMs, formatPercent } from '../../load/measure/units.ts';
import { plainLine } from '../words/plain-text.ts';
import { type Canvas, labelled, wrapLabelled } from './section.ts';

/** The figures, then, where there is something to explain, why. */
export function generatorLines({ generator }: Pick<RunSummary, 'generator'>, canvas: Canvas): string[] {
  const { paint } = canvas;
  const calm = ['healthy', 'unjudged'].includes(generator.verdict);
  const figures = labelled('generator', generatorWords(generator), canvas);
  if (calm) return figures;
  const colour = generator.verdict === 'saturated' ? paint.bad : paint.fair;
  return [...figures, ...wrapLabelled(plainLine(generator.reason), canvas).map((line) => colour(line))];
}

/** How many cores were chosen, where the machine had to say it. */
export function chosenCoresLines({ coresWhy }: Pick<RunSummary, 'coresWhy'>, canvas: Canvas): string[] {
  return coresWhy === undefined ? [] : labelled('cores', plainLine(coresWhy), canvas);
}

/** `healthy · event loop 20.0 % · CPU 31.0 % · lag p99 1.40 ms`. */
export function generatorWords({ verdict, eluMean, cpuPercent, lagP99Ms }: GeneratorVerdict): string {
  return [
    verdict,
    ...(eluMean === undefined ? [] : [`event loop ${formatPercent(eluMean)}`]),
    ...(cpuPercent === undefined ? [] : [`CPU ${formatPercent(cpuPercent / 100)}`]),
    ...(lagP99Ms === undefined ? [] : [`lag p99 ${formatMs(lagP99Ms)}`]),
  ].join(' · ');
}

export function resourceLines({ resources }: Pick<RunSummary, 'resources'>, canvas: Canvas): string[] {
  return resources.flatMap((resource) => labelled(plainLine(resource.name), resourceWords(resource), canvas));
}

/** `CPU 55.0 % mean, 98.0 % peak · memory 60.0 MB → 81.0 MB peak → 74.0 MB`. */
export function resourceWords({ cpuPercent, rssMb }: ResourceSummary): string {
  const cpu = [
    ...(cpuPercent.mean === undefined ? [] : [`${formatPercent(cpuPercent.mean / 100)} mean`]),
    ...(cpuPercent.peak === undefined ? [] : [`${formatPercent(cpuPercent.peak / 100)} peak`]),
  ].join(', ');
  const memory = [
    ...(rssMb.baseline === undefined ? [] : [`${formatMb(rssMb.baseline)} idle`]),
    ...(rssMb.peak === undefined ? [] : [`${formatMb(rssMb.peak)} peak`]),
    ...(rssMb.final === undefined ? [] : [`${formatMb(rssMb.final)} after`]),
  ].join(', ');
  const words = [...(cpu === '' ? [] : [`CPU ${cpu}`]), ...(memory === '' ? [] : [`memory ${memory}`])];
  return words.length === 0 ? 'no sample was taken' : words.join(' · ');
}
