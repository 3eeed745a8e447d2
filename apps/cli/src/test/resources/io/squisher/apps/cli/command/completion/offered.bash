# Prints what bash offers behind "squisher", one word a line. Arguments: the words before the key; the last may be empty.
. ./squisher.bash
COMP_WORDS=(squisher "$@")
COMP_CWORD=$#
_squisher
printf '%s\n' "${COMPREPLY[@]}"
