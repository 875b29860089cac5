/** VitePress' own theme in the fonts that a reader's system has, with the example report as a component. */
import DefaultTheme from 'vitepress/theme-without-fonts';
import { ReportFrame } from './report-frame.js';
import './custom.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('ReportFrame', ReportFrame);
  },
};
