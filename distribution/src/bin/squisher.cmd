@echo off
rem Starts squisher from where it was unpacked, with the jars of ..\lib.
rem   JAVA_HOME           which Java; else the one on the PATH
rem   SQUISHER_JAVA_OPTS  options for Java, for example -Xmx4g
setlocal
for %%I in ("%~dp0..") do set "home=%%~fI"

set "java=java"
if exist "%home%\runtime\bin\java.exe" set "JAVA_HOME=%home%\runtime"
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" set "java=%JAVA_HOME%\bin\java.exe"
where /q "%java%" 2>nul || if not exist "%java%" (
  echo squisher: Java is missing: install JDK 17 or later, or set JAVA_HOME to one 1>&2
  exit /b 1
)
if "%java%"=="java" for /f "delims=" %%I in ('where java') do if not defined JAVA_HOME for %%J in ("%%~dpI..") do set "JAVA_HOME=%%~fJ"

rem Newer Java warns of native libraries and of Unsafe, which the libraries use, unless told that it is meant.
set "version=17"
if exist "%JAVA_HOME%\release" for /f "tokens=2 delims==." %%I in ('findstr /b "JAVA_VERSION=" "%JAVA_HOME%\release"') do set "version=%%~I"
set "version=%version:"=%"
set "options=-XX:+UseParallelGC"
if "%~1"=="" set "options=-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
if "%~1"=="help" set "options=-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
if "%~1"=="--help" set "options=-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
if "%~1"=="--version" set "options=-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
if "%~1"=="inspect" set "options=-XX:+UseSerialGC"
if %version% GEQ 22 set "options=%options% --enable-native-access=ALL-UNNAMED"
if %version% GEQ 23 set "options=%options% --sun-misc-unsafe-memory-access=allow"
if not defined TF_CPP_MIN_LOG_LEVEL set "TF_CPP_MIN_LOG_LEVEL=2"

"%java%" -Djava.awt.headless=true %options% "-Donnxruntime.native.path=%home%\lib\native\win-x64" %SQUISHER_JAVA_OPTS% -cp "%home%\lib\*" io.squisher.apps.cli.Main %*
exit /b %ERRORLEVEL%
