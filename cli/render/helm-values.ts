import { helmValueFiles } from '../../collector/helm/observability-values.ts';
import type { RenderPart } from './part.ts';

/** Values for the chart behind the CloudWatch add-on; the deploy gives the add-on the same. */
export const part: RenderPart = {
  summary: 'values of the chart amazon-cloudwatch-observability, for those who install it with Helm',
  render(config, cluster) {
    const files = helmValueFiles(config, cluster);
    if (files.length === 0) throw new Error('the config needs nothing of the chart: containerInsights is off and logs are our own');
    return files.map(({ path, text }) => ({ path: `helm-values/${path}`, text }));
  },
};
