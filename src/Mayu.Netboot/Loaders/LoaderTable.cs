using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Loaders;

/// <summary>The boot file for each architecture, made once.</summary>
internal sealed class LoaderTable
{
    private readonly FrozenDictionary<ClientArchitecture, BootFile> _files;

    private LoaderTable(FrozenDictionary<ClientArchitecture, BootFile> files, BootFile script)
    {
        _files = files;
        Script = script;
    }

    /// <summary>The boot script, for an iPXE.</summary>
    public BootFile Script { get; }

    /// <summary>All of it, by architecture.</summary>
    public IReadOnlyDictionary<ClientArchitecture, BootFile> Files => _files;

    /// <summary>The table that the settings mean.</summary>
    /// <param name="settings">Loaders and files.</param>
    /// <param name="bootUrl">The boot listener, for firmware that boots over HTTP and for loaders that can.</param>
    /// <param name="quirk">What is otherwise for the clients it is for; null: nothing.</param>
    public static LoaderTable Make(PxeSettings settings, string bootUrl, PxeQuirk? quirk = null)
    {
        var own = settings.Architectures.ToDictionary(one => one.Architecture);
        var files = new Dictionary<ClientArchitecture, BootFile>();
        foreach (var architecture in ClientArchitectureName.All.Union(own.Keys))
        {
            // What is said of an architecture holds for the same firmware over HTTP too, where that has no entry of its own.
            var setting = own.GetValueOrDefault(architecture) ?? own.GetValueOrDefault(ClientArchitectureName.OverTftp(architecture));
            if (FileOf(settings, setting, architecture, quirk?.File) is var (loader, name))
            {
                files.Add(architecture, Make(loader, name, architecture, bootUrl, quirk));
            }
        }

        return new LoaderTable(files.ToFrozenDictionary(), new BootFile($"{bootUrl}/ipxebootscript") { Quirk = quirk });
    }

    /// <summary>The file for an architecture.</summary>
    public bool TryGet(ClientArchitecture architecture, [NotNullWhen(true)] out BootFile? file) => _files.TryGetValue(architecture, out file);

    private static (BootLoader Loader, string Name)? FileOf(PxeSettings settings, ArchitectureSetting? setting, ClientArchitecture architecture, string? quirkFile)
    {
        var loader = setting?.Loader ?? settings.Loader;
        var usual = LoaderFiles.NameOf(loader, architecture);
        if ((quirkFile ?? setting?.File) is { } file)
        {
            return (loader, file);
        }

        if (usual is not null)
        {
            return (loader, usual);
        }

        return LoaderFiles.NameOf(BootLoader.Ipxe, architecture) is { } fallback ? (BootLoader.Ipxe, fallback) : null;
    }

    private static BootFile Make(BootLoader loader, string name, ClientArchitecture architecture, string bootUrl, PxeQuirk? quirk)
    {
        var files = $"{bootUrl}/{LoaderPaths.Http}/";
        var isHttp = ClientArchitectureName.IsHttp(architecture);
        return new BootFile(isHttp && !BootFile.IsUrl(name) ? files + name : name)
        {
            IsHttpBoot = isHttp,
            Loader = loader,
            // Only the variant with HTTP can follow a URL.
            PathPrefix = loader == BootLoader.Pxelinux && name.EndsWith("lpxelinux.0", StringComparison.Ordinal) ? files : null,
            Quirk = quirk,
        };
    }
}
