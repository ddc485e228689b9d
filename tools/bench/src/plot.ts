import { type EChartsOption, init } from 'echarts';

/** A chart as SVG text, white so that it can be read in a dark viewer too. Width and height in pixels. */
export function svg(option: EChartsOption, width = 900, height = 480): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ backgroundColor: '#fff', animation: false, ...option });
  const text = chart.renderToSVGString();
  chart.dispose();
  return text;
}
