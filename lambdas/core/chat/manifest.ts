/** What the app of Slack is made with. */
export interface ManifestInput {
  /** Such as `/logs`. */
  readonly command: string;
  /** The function's URL. */
  readonly url: string;
  /** Whether long answers go into files: the app then needs a token, and may write files and direct messages. */
  readonly hasFiles: boolean;
}

/**
 * The manifest of the app, for "Create New App, From a manifest" of Slack. `chat:write` is for messages of alert-notifier by the same app, `commands` for the
 * slash command; `files:write` and `im:write` only where answers become files. https://docs.slack.dev/reference/app-manifest
 */
export function slackManifest({ command, hasFiles, url }: ManifestInput): string {
  const scopes = ['commands', 'chat:write', 'files:write', ...(hasFiles ? ['im:write'] : [])];
  return `display_information:
  name: eks-telemetry
  description: Alerts of EKS clusters, and questions about their logs
features:
  bot_user:
    display_name: eks-telemetry
    always_online: true
  slash_commands:
    - command: ${JSON.stringify(command)}
      url: ${JSON.stringify(url)}
      description: Ask the logs of the clusters
      usage_hint: "help | list | run <query> | logs <pod> | events | status | silence <alert>"
      should_escape: true
oauth_config:
  scopes:
    bot:
${scopes.map((scope) => `      - ${scope}`).join('\n')}
settings:
  interactivity:
    is_enabled: true
    request_url: ${JSON.stringify(url)}
  org_deploy_enabled: false
  socket_mode_enabled: false
  token_rotation_enabled: false
`;
}
