// `perdure completion`: the scripts that make a shell complete commands, options and their values.

import type { Shell } from '../completion/scripts.ts';
import type { Command, CommandTree } from '../table/command.ts';

const INSTALL: Readonly<Record<Shell, readonly [what: string, line: string]>> = {
  bash: ['in ~/.bashrc', 'source <(perdure completion bash)'],
  zsh: ['in ~/.zshrc, behind compinit', 'source <(perdure completion zsh)'],
  fish: ['once', 'perdure completion fish > ~/.config/fish/completions/perdure.fish'],
  pwsh: ['in $PROFILE', 'perdure completion pwsh | Out-String | Invoke-Expression'],
};

function completionCommand(shell: Shell, word: string = shell): Command {
  const [what, line] = INSTALL[shell];
  return {
    path: ['completion', word],
    summary: `Print the script that makes ${shell} complete the command line of perdure`,
    examples: [{ what, line }],
    options: {},
    isClient: false,
    isHidden: word !== shell,
    run: async ({ out }) => {
      const { SCRIPTS } = await import('../completion/scripts.ts');
      await out.write(SCRIPTS[shell]);
      return undefined;
    },
  };
}

export const COMPLETION: CommandTree = {
  groups: [{ path: ['completion'], summary: 'Make the shell complete commands, options and their values' }],
  commands: [
    completionCommand('bash'),
    completionCommand('zsh'),
    completionCommand('fish'),
    completionCommand('pwsh'),
    completionCommand('pwsh', 'powershell'),
  ],
};
