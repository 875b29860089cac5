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

export { findingSvg } from '../charts/finding-svg.ts';
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
  // What needs a document is not even looked at without one.
  void import('./start.ts').then(({ start }) => start());
}
