// The scripts that make a shell ask `perdure __complete` what it may offer. An answer is a line for each candidate: the value, a
// tab, what it is; the line `:file` stands for the names of files.

export type Shell = 'bash' | 'zsh' | 'fish' | 'pwsh';

const BASH = `# bash completion of perdure
_perdure() {
  local words=() count=0 glued= word current prefix value rest
  # Bash cuts words at = and at colons; perdure does not.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $count -gt 0 && ( -n $glued || $word == [=:] ) ]]; then
      words[count-1]+=$word
      if [[ $word == [=:] ]]; then glued=1; else glued=; fi
    else
      words[count]=$word
      count=$((count + 1))
    fi
  done
  current=\${COMP_WORDS[COMP_CWORD]}
  if [[ $current == [=:] ]]; then current=; fi
  prefix=\${words[count-1]%"$current"}
  COMPREPLY=()
  while IFS=$'\\t' read -r value rest; do
    if [[ $value == :file ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$current")
    else
      COMPREPLY+=("\${value#"$prefix"}")
    fi
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
}
complete -F _perdure perdure
`;

const ZSH = `#compdef perdure
# zsh completion of perdure
_perdure() {
  local line value help
  local -a described
  local -i files=0
  while IFS= read -r line; do
    if [[ $line == :file ]]; then
      files=1
    else
      value=\${line%%$'\\t'*}
      help=\${\${line#$value}#$'\\t'}
      described+=("\${value//:/\\\\:}\${help:+:$help}")
    fi
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#described} )); then _describe -V perdure described; fi
  if (( files )); then
    compset -P '--*='
    _files
  fi
}
if [[ \${funcstack[1]} == _perdure ]]; then _perdure "$@"; else compdef _perdure perdure; fi
`;

const FISH = `# fish completion of perdure
function __perdure_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = :file
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
complete -c perdure -f -a '(__perdure_complete)'
`;

const PWSH = `# PowerShell completion of perdure
Register-ArgumentCompleter -Native -CommandName perdure -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    # Older versions do not pass empty words to programs.
    $isNew = if ($wordToComplete -eq '') { @('--new-word') } else { @() }
    perdure __complete @isNew '--' @words 2>$null | ForEach-Object {
        if ($_ -eq ':file') {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
        } else {
            $value, $help = $_ -split "\`t", 2
            if (-not $help) { $help = $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
        }
    }
}
`;

export const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH, pwsh: PWSH };
