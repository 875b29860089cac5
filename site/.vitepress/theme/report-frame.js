/** The example report within a page, as light or dark as the page is: the report remembers a choice, so it is told one. */
import { useData, withBase } from 'vitepress';
import { defineComponent, h, onMounted, ref, watch } from 'vue';

export const ReportFrame = defineComponent({
  setup() {
    const { isDark } = useData();
    const shown = ref(0); // nothing before the choice is told
    const tell = () => {
      localStorage.setItem('playload-theme', isDark.value ? 'dark' : 'light');
      shown.value += 1;
    };
    onMounted(tell);
    watch(isDark, tell);
    return () => [
      h('p', [h('a', { href: withBase('/report.html'), target: '_blank' }, 'Open it as a page of its own')]),
      h('div', { class: 'report-frame' }, [
        shown.value === 0
          ? undefined
          : h('iframe', { key: shown.value, src: withBase('/report.html'), title: 'An example of report.html' }),
      ]),
    ];
  },
});
