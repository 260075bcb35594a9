import { Argument, type Command } from 'commander';
import { localCommand } from '../operator/operator-command.ts';

export const completionCommand = (program: () => Command): Command =>
  localCommand(
    'completion',
    'Print a script that completes commands and options in your shell.',
    'countersign completion bash >> ~/.bashrc\nsource <(countersign completion zsh)',
  )
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh']))
    .action((shell: string) => {
      const header = shell === 'zsh' ? 'autoload -U +X bashcompinit && bashcompinit\n' : '';
      console.log(header + completionScript(program()));
    });

/** Words by the path of commands typed so far; the shell looks its own words up in a case statement. */
export function completionScript(program: Command): string {
  const cases = entriesOf(program, '').map(([path, words]) => `    '${path}') words='${words.join(' ')}' ;;`);
  return `_countersign() {
  local path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [[ $word == -* ]] || path="$path $word"; done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=( $(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}") )
}
complete -o default -F _countersign countersign`;
}

function entriesOf(command: Command, path: string): readonly (readonly [string, readonly string[]])[] {
  const names = command.commands.map((child) => child.name());
  const options = command.options.flatMap(({ long }) => long ?? []);
  return [
    [path, [...names, ...options]],
    ...command.commands.flatMap((child) => entriesOf(child, `${path} ${child.name()}`)),
  ];
}
