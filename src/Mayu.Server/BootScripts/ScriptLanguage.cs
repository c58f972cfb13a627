namespace Mayu.Server.BootScripts;

/// <summary>The languages of boot scripts that are asked for by a file name.</summary>
internal enum ScriptLanguage
{
    /// <summary><c>autoexec.ipxe</c>.</summary>
    Ipxe,

    /// <summary><c>grub.cfg</c>.</summary>
    Grub,

    /// <summary><c>pxelinux.cfg/…</c>.</summary>
    Pxelinux,
}
