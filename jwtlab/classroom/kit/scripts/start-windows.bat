@echo off
rem Sets jwtlab up from this folder, without a network, and opens the lessons. Run it again to open them again.
rem   start-windows.bat             set up, look whether all is well, open
rem   start-windows.bat --no-open   set up and look only
setlocal
set "HERE=%~dp0"
if not defined JWTLAB_HOME set "JWTLAB_HOME=%USERPROFILE%\jwtlab"
set "VENV=%JWTLAB_HOME%\.environment"

set "PYTHON="
for %%V in (@PYTHONS@) do (
    if not defined PYTHON py -%%V -c "" >nul 2>nul && set "PYTHON=py -%%V"
)
for %%V in (@PYTHONS@) do (
    if not defined PYTHON python -c "import sys; sys.exit('%%d.%%d' %% sys.version_info[:2] != '%%V')" >nul 2>nul && set "PYTHON=python"
)
if not defined PYTHON (
    echo No Python of one of these versions was found: @PYTHONS@. START-HERE.html says where it comes from.
    goto failed
)

if not exist "%JWTLAB_HOME%" mkdir "%JWTLAB_HOME%"
"%VENV%\Scripts\python.exe" -c "import jwtlab" >nul 2>nul && goto ready
echo Setting up in %JWTLAB_HOME%. This takes a minute or two.
%PYTHON% -m venv --clear "%VENV%" || goto failed
"%VENV%\Scripts\python.exe" -m pip install --quiet --no-index --disable-pip-version-check --find-links "%HERE%wheels" "@JWTLAB@" || goto failed

:ready
cd /d "%JWTLAB_HOME%"
"%VENV%\Scripts\python.exe" -m jwtlab doctor "%JWTLAB_HOME%" || goto failed
if "%~1"=="--no-open" exit /b 0
"%VENV%\Scripts\python.exe" -m jwtlab lab "%JWTLAB_HOME%"
exit /b %ERRORLEVEL%

:failed
if not "%~1"=="--no-open" pause
exit /b 1
