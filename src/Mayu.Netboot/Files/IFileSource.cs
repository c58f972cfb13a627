using Mayu.Primitives;

namespace Mayu.Netboot.Files;

/// <summary>A place that files of network boot come from: a folder, the packages of boot loaders, configurations that are made for whoever asks.</summary>
internal interface IFileSource
{
    /// <summary>Finds a file. Called on the thread that answers all TFTP requests: it must wait for nothing but the disk, and must not throw.</summary>
    /// <param name="name">The name, printable ASCII without leading slash, <c>..</c> or backslash.</param>
    /// <param name="client">Who asks; the default where nobody does, and it is only asked whether there is one.</param>
    /// <param name="isServed">Whether it is sent; otherwise it is only asked what it would be, and nothing is issued or recorded for it.</param>
    /// <returns>The file, the caller's to close; the default where this source has none of that name.</returns>
    FoundFile Find(string name, Ipv4 client, bool isServed);
}
