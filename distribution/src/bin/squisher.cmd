@echo off
rem Starts squisher from where it was unpacked, with the jars of ..\lib.
rem   JAVA_HOME           which Java, where none is in ..\runtime; else the one on the PATH
rem   SQUISHER_JAVA_OPTS  options for Java, for example -Xmx4g
setlocal
for %%I in ("%~dp0..") do set "home=%%~fI"

set "java="
if exist "%home%\runtime\bin\java.exe" set "java=%home%\runtime\bin\java.exe"
if not defined java if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
if not defined java for %%I in (java.exe) do set "java=%%~$PATH:I"
if not defined java (
  echo squisher: Java is missing: install JDK 17 or later, or set JAVA_HOME to one 1>&2
  exit /b 1
)

rem No block: a path may have the parenthesis that ends it.
for %%I in ("%java%") do set "release=%%~dpI..\release"
set "version=17"
if exist "%release%" for /f "usebackq tokens=1,2 delims==" %%I in ("%release%") do if "%%I"=="JAVA_VERSION" set "version=%%J"
set "version=%version:"=%"
for /f "delims=.-+" %%I in ("%version%") do set "version=%%I"
if %version% LSS 17 echo squisher: "%java%" is too old: install JDK 17 or later, or set JAVA_HOME to one 1>&2
if %version% LSS 17 exit /b 1

rem Short work ends before an optimizing compiler or a second collecting thread pays; long work needs both.
set "options=-XX:+UseParallelGC"
if "%~1"=="" set "options=-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
for %%I in (help completion man --help -h --version -V) do if "%~1"=="%%I" set "options=-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
if "%~1"=="inspect" set "options=-XX:+UseSerialGC"
rem Newer Java warns of native libraries and of Unsafe, which the libraries use, unless told that it is meant.
if %version% GEQ 22 set "options=%options% --enable-native-access=ALL-UNNAMED -Djdk.console=java.base"
if %version% GEQ 23 set "options=%options% --sun-misc-unsafe-memory-access=allow"
if exist "%home%\lib\native\win-x64" set "options=%options% "-Donnxruntime.native.path=%home%\lib\native\win-x64""
if not defined TF_CPP_MIN_LOG_LEVEL set "TF_CPP_MIN_LOG_LEVEL=2"

"%java%" -Djava.awt.headless=true %options% %SQUISHER_JAVA_OPTS% -cp "%home%\lib\*" io.squisher.apps.cli.Main %*
exit /b %ERRORLEVEL%
