# Prints what fish offers behind "squisher", one word a line, without descriptions. Arguments: the words before the key.
source ./squisher.fish
complete -C "squisher $argv" | string split --fields 1 \t
exit 0
