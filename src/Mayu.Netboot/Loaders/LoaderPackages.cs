using Mayu.Netboot.Files;
using Mayu.Primitives;

namespace Mayu.Netboot.Loaders;

/// <summary>The boot loaders of Debian's packages, where those are installed.</summary>
internal sealed class LoaderPackages : IFileSource
{
    /// <inheritdoc/>
    public FoundFile Find(string name, Ipv4 client, bool isServed)
    {
        foreach (var path in LoaderFiles.PlacesOf(name))
        {
            if (FoundFile.At(path) is { Exists: true } found)
            {
                return found;
            }
        }

        return default;
    }
}
