using System.Collections.Immutable;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Loaders;

/// <summary>What the section <c>pxe</c> of the configuration says.</summary>
internal sealed record PxeSettings
{
    /// <summary>The loader of every architecture that it exists for; the others take iPXE.</summary>
    public BootLoader Loader { get; init; }

    /// <summary>What differs from it, by architecture.</summary>
    public ImmutableArray<ArchitectureSetting> Architectures { get; init; } = [];

    /// <summary>How the configuration has certain clients answered otherwise.</summary>
    public ImmutableArray<PxeQuirk> Quirks { get; init; } = [];

    /// <summary>These, and behind them what holds without a word in the configuration; the first that fits counts.</summary>
    public ImmutableArray<PxeQuirk> AllQuirks => [.. Quirks, .. PxeQuirk.Usual];

    /// <summary>How long iPXE shows a menu at the console before it takes the boot answer; null: no menu.</summary>
    public TimeSpan? Menu { get; init; }

    /// <summary>Whether a booting client is told that there is no IPv6 router, so that iPXE does not wait for one.</summary>
    public bool AnswersRouterSolicitations { get; init; } = true;
}

/// <summary>The loader of one architecture.</summary>
/// <param name="Architecture">Option 93.</param>
/// <param name="Loader">Its loader; null: as for the others.</param>
/// <param name="File">The file or URL that its firmware is told, in place of the loader's usual one.</param>
internal sealed record ArchitectureSetting(ClientArchitecture Architecture, BootLoader? Loader, string? File);
