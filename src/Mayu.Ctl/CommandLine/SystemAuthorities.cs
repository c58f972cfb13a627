using Mayu.Linux.Processes;

namespace Mayu.Ctl.CommandLine;

/// <summary>
/// The CAs that this system trusts. .NET reads all their certificates, some 280 files, before it checks the first one of a server, even if only a CA of our own is
/// believed: a tenth of a second.
/// </summary>
internal static class SystemAuthorities
{
    // Is an empty file, and no folder.
    private const string Nothing = "/dev/null";

    /// <summary>From now on this process finds none of them: OpenSSL's own variables say where they are.</summary>
    public static void LeaveUnread()
    {
        NativeEnvironment.Set("SSL_CERT_FILE", Nothing);
        NativeEnvironment.Set("SSL_CERT_DIR", Nothing);
    }
}
