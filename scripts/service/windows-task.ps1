# AegisGate as a scheduled task of Windows. Works in Windows PowerShell 5.1 and in PowerShell 7.
# `aegisgate service` fills in what stands between @ signs and runs it; see README.md beside this file.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$name = @NAME@
$system = @SYSTEM@

function Install-Gateway {
  # The task has no console of its own then, and no window.
  $conhost = Join-Path $env:SystemRoot 'System32\conhost.exe'
  $action = New-ScheduledTaskAction -Execute $conhost -Argument @ARGUMENTS@ -WorkingDirectory @STATE@
  if ($system) {
    $trigger = New-ScheduledTaskTrigger -AtStartup
    $principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-19' -LogonType ServiceAccount -RunLevel Limited
  } else {
    $user = [System.Security.Principal.WindowsIdentity]::GetCurrent().Name
    $trigger = New-ScheduledTaskTrigger -AtLogOn -User $user
    $principal = New-ScheduledTaskPrincipal -UserId $user -LogonType Interactive -RunLevel Limited
  }
  $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -StartWhenAvailable `
    -MultipleInstances IgnoreNew -ExecutionTimeLimit ([TimeSpan]::Zero) -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1)
  Stop-Gateway
  Register-ScheduledTask -TaskName $name -Action $action -Trigger $trigger -Principal $principal -Settings $settings `
    -Description 'A gateway between coding agents and LLM APIs' -Force | Out-Null
  Start-ScheduledTask -TaskName $name
}

function Stop-Gateway {
  $task = Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue
  if (-not $task -or $task.State -ne 'Running') { return }
  Stop-ScheduledTask -TaskName $name
  # A task that has not ended yet would keep the next one from starting.
  for ($i = 0; $i -lt 50 -and (Get-ScheduledTask -TaskName $name).State -eq 'Running'; $i++) { Start-Sleep -Milliseconds 200 }
}

function Uninstall-Gateway {
  Stop-Gateway
  if (Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue) {
    Unregister-ScheduledTask -TaskName $name -Confirm:$false
  }
}

function Show-Gateway {
  $task = Get-ScheduledTask -TaskName $name -ErrorAction SilentlyContinue
  if (-not $task) { Write-Output 'absent'; return }
  Write-Output "$($task.State)"
}

try {
  @DO@-Gateway
} catch {
  [Console]::Error.WriteLine($_.Exception.Message)
  exit 1
}
