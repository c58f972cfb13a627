using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;

namespace Mayu.Server.Tftp;

/// <summary>Files that are on no disk: made when they are asked for, for whoever asks, such as the configurations of boot loaders.</summary>
internal interface IVirtualFiles
{
    /// <summary>
    /// Makes a file. It is asked before the disk, on the thread that answers all TFTP requests: it must wait for nothing,
    /// and must not throw.
    /// </summary>
    /// <param name="name">The name, printable ASCII without leading slash, <c>..</c> or backslash.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="content">The file's bytes, which nobody changes any more.</param>
    /// <returns>False where there is no such file; the disk is asked then.</returns>
    bool TryRender(string name, Ipv4 client, [NotNullWhen(true)] out byte[]? content);

    /// <summary>The place of a file that lies outside of the TFTP root, such as the kernel for whoever asks. Asked as <see cref="TryRender"/> is, after it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="client">Who asks.</param>
    /// <returns>An absolute path; null where there is no such file.</returns>
    string? PathOf(string name, Ipv4 client) => null;
}
