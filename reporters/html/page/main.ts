/**
 * The script of the page, and of the static pictures: in a browser it shows the data that is embedded beside it,
 * anywhere else it only offers to draw.
 */
import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type PageData, pageIds } from '../page-data.ts';
import { follow } from './live.ts';
import { showReport } from './report.ts';

export { summarySvg } from '../charts/summary-svg.ts';

echarts.use([
  LineChart,
  BarChart,
  CustomChart,
  GridComponent,
  TooltipComponent,
  LegendPlainComponent,
  MarkLineComponent,
  MarkAreaComponent,
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  SVGRenderer,
]);

if (typeof document !== 'undefined') {
  const root = document.getElementById(pageIds.root);
  const embedded = document.getElementById(pageIds.data)?.textContent;
  if (root !== null && embedded !== undefined) {
    const data = JSON.parse(embedded) as PageData;
    const report = showReport(root, data);
    if (data.kind === 'live') follow(report);
  }
}
