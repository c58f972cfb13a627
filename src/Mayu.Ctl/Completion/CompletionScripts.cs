namespace Mayu.Ctl.Completion;

/// <summary>
/// What shells load: each script asks <c>mayuctl __complete WORDS</c>, whose first line is <c>words</c> or <c>files</c>, and whose further lines are
/// a word, a tab, and its meaning. Serials are whatever machines claim, so no script has its shell read a word as anything but text.
/// </summary>
internal static class CompletionScripts
{
    /// <summary>The word that stands for a command, which help does not list.</summary>
    public const string HiddenCommand = "__complete";

    /// <summary>The script of a shell: bash, zsh or fish.</summary>
    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };

    private const string Bash = """
        # Completion for bash. Load it with: source <(mayuctl completion bash)
        _mayuctl() {
            local words=() word i
            # Bash breaks words at these characters: MACs and --option=value are put together again.
            for ((i = 1; i <= COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if ((${#words[@]})) && [[ $word == [:=@]* || ${words[-1]} == *[:=@] ]]; then
                    words[-1]+=$word
                else
                    words+=("$word")
                fi
            done
            local current=${words[-1]} piece=${COMP_WORDS[COMP_CWORD]}
            [[ $piece == [:=@]* ]] && piece=
            local drop=$((${#current} - ${#piece})) kind= line
            COMPREPLY=()
            while IFS= read -r line; do
                line=${line%%$'\t'*}
                if [[ -z $kind ]]; then
                    kind=$line
                elif [[ $line == "$current"* ]]; then
                    line=${line:drop}
                    [[ $line == *[!A-Za-z0-9_./:=@,+-]* ]] && printf -v line %q "$line"
                    COMPREPLY+=("$line")
                fi
            done < <(mayuctl __complete "${words[@]}" 2> /dev/null)
            if [[ $kind == files ]]; then
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -f -- "$piece")
            fi
        }
        complete -F _mayuctl mayuctl
        """;

    private const string Zsh = """
        #compdef mayuctl
        # Completion for zsh. Load it with: source <(mayuctl completion zsh)
        # or write it to a file _mayuctl in a folder of $fpath.
        _mayuctl() {
            local -a before lines candidates shown
            local line word
            before=("${(@Q)words[2,CURRENT-1]}")
            (( CURRENT > 2 )) || before=()
            lines=("${(@f)$(mayuctl __complete "${before[@]}" "${(Q)PREFIX}" 2> /dev/null)}")
            if [[ $lines[1] == files ]]; then
                compset -P '--*='
                _files
                return
            fi
            for line in "${(@)lines[2,-1]}"; do
                word=${line%%$'\t'*}
                candidates+=("$word")
                [[ $line == *$'\t'* ]] && word+="  -- ${line#*$'\t'}"
                shown+=("$word")
            done
            (( $#candidates )) && compadd -l -d shown -a candidates
        }
        if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
            _mayuctl "$@"
        else
            compdef _mayuctl mayuctl
        fi
        """;

    private const string Fish = """
        # Completion for fish. Load it with: mayuctl completion fish | source
        # or write it to ~/.config/fish/completions/mayuctl.fish
        function __mayuctl_complete
            set -l before (commandline -opc)
            set -e before[1]
            set -l current (commandline -ct)
            set -l lines (mayuctl __complete $before "$current" 2> /dev/null)
            if test "$lines[1]" = files
                set -l option (string match -r -- '^--[a-z-]*=' "$current")
                printf '%s\n' "$option"(__fish_complete_path (string replace -r -- '^--[a-z-]*=' '' "$current"))
            else
                set -e lines[1]
                printf '%s\n' $lines
            end
        end
        complete -c mayuctl -f -a '(__mayuctl_complete)'
        """;
}
