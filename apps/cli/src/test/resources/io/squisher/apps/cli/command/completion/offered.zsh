# Prints what zsh offers behind "squisher", one word a line: types the words into a shell in a terminal of its own, whose compadd
# tells what it was given. Arguments: the words before the key.
zmodload zsh/zpty || exit
zpty shell zsh -f -i
zpty -w shell "cd ${(q)PWD}; source ./interactive.zsh"
zpty -w -n shell "squisher $*"$'\t'
for try in {1..1200}; do
    [[ -e offered.done ]] && break
    zpty -r -t shell ignored
    sleep 0.05
done
zpty -d shell
[[ -e offered.done ]] && cat offered
