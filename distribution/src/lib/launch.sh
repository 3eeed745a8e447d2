# Starts Java with the right options; bin/squisher and the clone's ./squisher both read this file. POSIX sh.
# Before it is read: class_path is set, and where there is one, runtime (a Java of our own), natives (the folder of ONNX
# Runtime's libraries), spark_classes (our module for Spark), class_list (the classes of a short run) and build_id (changes with
# any jar).
# shellcheck shell=sh
# shellcheck disable=SC2154

fail() {
  echo "squisher: $*" >&2
  exit 1
}

find_java() {
  if [ -n "${runtime-}" ] && [ -x "$runtime/bin/java" ]; then
    java=$runtime/bin/java
  elif [ -n "${JAVA_HOME-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    java=$JAVA_HOME/bin/java
  else
    java=$(command -v java) || fail "Java is missing: install JDK 17 or later, or set JAVA_HOME to one"
  fi
  java_release=$(readlink -f "$java" 2>/dev/null) || java_release=$java
  java_release=${java_release%/bin/*}/release
  java_version=
  if [ -r "$java_release" ]; then
    while IFS= read -r line; do
      case $line in
      JAVA_VERSION=*) java_version=${line#*=} ;;
      esac
    done <"$java_release"
    java_version=${java_version#\"}
    # 1.8 is 8.
    java_version=${java_version#1.}
    java_version=${java_version%%[!0-9]*}
    [ "${java_version:-17}" -ge 17 ] ||
      fail "$java is too old, version $java_version: install JDK 17 or later, or set JAVA_HOME to one"
  fi
}

# Short work ends before an optimizing compiler or a second collecting thread pays; long work needs both. The command tells.
choose_effort() {
  effort=long
  case ${1-} in
  '' | help | completion | man) effort=instant ;;
  inspect) effort=short ;;
  esac
  for argument in "$@"; do
    case $argument in
    --help | -h | --version | -V) effort=instant ;;
    esac
  done
}

# The archive of loaded classes, which halves the time of a short run: beside the jars, else in the user's cache, else none.
# An empty file says that this Java cannot make one.
find_archive() {
  archive=
  if [ -z "${class_list-}" ] || [ ! -r "$class_list" ] || [ ! -r "$java_release" ] || [ "${SQUISHER_CDS-on}" = off ]; then
    return
  fi
  key=$(printf '%s\n' "$build_id" "$class_path" "$java" | cat - "$java_release" | cksum) || return 0
  key=${key%% *}
  beside=${class_list%/*}
  cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
  for folder in "$beside" ${cache:+"$cache/squisher"}; do
    if [ -f "$folder/classes-$key.jsa" ]; then
      [ ! -s "$folder/classes-$key.jsa" ] || archive=$folder/classes-$key.jsa
      return
    fi
  done
  for folder in "$beside" ${cache:+"$cache/squisher"}; do
    if { [ -d "$folder" ] || mkdir -p "$folder"; } 2>/dev/null && [ -w "$folder" ]; then
      make_archive "$folder"
      return
    fi
  done
}

make_archive() {
  made=$1/.classes-$key.$$
  trap 'rm -f "$made"; exit 130' INT TERM HUP
  if "$java" -Xshare:dump -XX:SharedClassListFile="$class_list" -XX:SharedArchiveFile="$made" -Xlog:disable \
    -cp "$class_path" </dev/null >/dev/null 2>&1 && [ -s "$made" ]; then
    archive=$1/classes-$key.jsa
    mv -f "$made" "$archive" 2>/dev/null || archive=
    # Those of programs and Javas that are gone.
    find "$1" -name 'classes-*.jsa' -mtime +90 ! -name "classes-$key.jsa" -exec rm -f {} + 2>/dev/null || true
  else
    rm -f "$made"
    { : >"$1/classes-$key.jsa"; } 2>/dev/null || true
  fi
  trap - INT TERM HUP
}

# Whether the words ask for Spark, and there is one: the user's own, in SPARK_HOME. Without it the command says what is missing.
asks_for_spark() {
  [ -n "${SPARK_HOME-}" ] && [ -d "$SPARK_HOME/jars" ] || return 1
  for argument in "$@"; do
    case $argument in
    --spark | --spark=*) return 0 ;;
    esac
  done
  return 1
}

# Spark's libraries behind ours, and the parts of Java that it looks into, as its own launchers say.
add_spark() {
  spark_options=
  if [ -e "${spark_classes-}" ] && asks_for_spark "$@"; then
    class_path="$class_path:$spark_classes:$SPARK_HOME/jars/*"
    # It needs more of Java than a runtime of our own has; and an archive of classes for it would be made for one run.
    runtime='' class_list=''
    for opened in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util java.util.concurrent \
      java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs sun.security.action sun.util.calendar; do
      spark_options="$spark_options --add-opens=java.base/$opened=ALL-UNNAMED"
    done
    spark_options="$spark_options -Djdk.reflect.useDirectMethodHandle=false -Dio.netty.tryReflectionSetAccessible=true"
    # Ours, which is silent, and no word of there being two.
    spark_options="$spark_options -Dslf4j.provider=org.slf4j.nop.NOPServiceProvider -Dslf4j.internal.verbosity=ERROR"
  fi
}

launch() {
  add_spark "$@"
  find_java
  choose_effort "$@"
  find_archive
  set -- -cp "$class_path" io.squisher.apps.cli.Main "$@"
  # Several options in one variable are split at blanks, and no star becomes a list of files.
  set -f
  # shellcheck disable=SC2086
  set -- $spark_options ${SQUISHER_JAVA_OPTS-} "$@"
  set +f
  # Newer Java warns of native libraries and of Unsafe, which the libraries use, unless told that it is meant.
  [ "${java_version:-17}" -lt 23 ] || set -- --sun-misc-unsafe-memory-access=allow "$@"
  # From 22 on, Java would take a pipe for a terminal, where its other console is installed.
  [ "${java_version:-17}" -lt 22 ] || set -- --enable-native-access=ALL-UNNAMED -Djdk.console=java.base "$@"
  [ ! -d "${natives-}" ] || set -- "-Donnxruntime.native.path=$natives" "$@"
  # Without the log, an archive that does not fit is passed over in silence.
  [ -z "$archive" ] || set -- "-XX:SharedArchiveFile=$archive" -Xshare:auto -Xlog:disable "$@"
  case $effort in
  instant)
    set -- -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$@"
    if [ -t 1 ]; then
      size=$(stty size </dev/tty 2>/dev/null) && set -- "-Dsquisher.columns=${size#* }" "$@"
    fi
    ;;
  short) set -- -XX:+UseSerialGC "$@" ;;
  *) set -- -XX:+UseParallelGC "$@" ;;
  esac
  # Memory in large pages where the system allows it: touching it for the first time takes much of a short run.
  export GLIBC_TUNABLES="${GLIBC_TUNABLES-glibc.malloc.hugetlb=1}"
  export TF_CPP_MIN_LOG_LEVEL="${TF_CPP_MIN_LOG_LEVEL-2}"
  exec "$java" -Djava.awt.headless=true "$@"
}
