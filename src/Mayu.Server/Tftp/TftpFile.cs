using Microsoft.Win32.SafeHandles;

namespace Mayu.Server.Tftp;

/// <summary>A file that is being sent. Whoever got it disposes of it.</summary>
/// <param name="Name">The name, as it was asked for and without leading slashes.</param>
/// <param name="Handle">The open file.</param>
/// <param name="Size">Its size in bytes when it was opened.</param>
internal sealed record TftpFile(string Name, SafeFileHandle Handle, long Size) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
