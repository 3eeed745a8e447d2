PROMPT=
fpath=($PWD $fpath)
autoload -Uz compinit && compinit -u -d ../zsh-functions
compadd() {
    local -a words
    # With these the list is only asked for, not offered.
    if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
        builtin compadd -A words "$@"
        (( $#words )) && print -rl -- $words >> offered
    fi
    builtin compadd "$@"
}
offer() {
    : > offered
    _main_complete
    : > offered.done
}
zle -C offer list-choices offer
bindkey '^I' offer
