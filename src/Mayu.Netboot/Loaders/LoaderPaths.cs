namespace Mayu.Netboot.Loaders;

/// <summary>The names under which loaders find what they ask for.</summary>
internal static class LoaderPaths
{
    /// <summary>The folder of the boot listener below which everything stands that TFTP serves.</summary>
    public const string Http = "loaders";
}
