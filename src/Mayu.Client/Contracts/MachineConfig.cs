using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The provisioning config that a machine would be given now. Secrets and what is made at each installation are placeholders.</summary>
public sealed record MachineConfig
{
    /// <summary>The machine's serial; null: it is of a profile, for a machine that nobody has.</summary>
    public string? Serial { get; init; }

    /// <summary>The profile that it is of.</summary>
    [AllowNull]
    public string Profile { get; init => field = value ?? ""; } = "";

    /// <summary>The image that the machine would get.</summary>
    [AllowNull]
    public string Image { get; init => field = value ?? ""; } = "";

    /// <summary>The files: one, or those of cloud-init's NoCloud.</summary>
    [AllowNull]
    public IReadOnlyList<RenderedFile> Files { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>What is to be known of it: values that were not validated, what is missing of the image; each a sentence.</summary>
    [AllowNull]
    public IReadOnlyList<string> Warnings { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>Prints it without its texts.</summary>
    public override string ToString() => $"the config of {Serial ?? Profile}";
}

/// <summary>A file of a provisioning config.</summary>
public sealed record RenderedFile
{
    /// <summary>What it is called: <c>config.ign</c>, <c>user-data</c>.</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>What is in it.</summary>
    [AllowNull]
    public string Text { get; init => field = value ?? ""; } = "";

    /// <summary>Prints it without its text.</summary>
    public override string ToString() => Name;
}
