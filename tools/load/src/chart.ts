import { type EChartsOption, init } from 'echarts';

/** A chart as SVG text, drawn without a browser. */
export function svg(option: EChartsOption, width = 900, height = 320): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ backgroundColor: '#fff', animation: false, ...option });
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}
