namespace Mayu.Core.Ignition.Checks;

/// <summary>All that Ignition checks of a config before it does anything, and what it would trip over later.</summary>
internal static class ConfigChecks
{
    /// <summary>Checks a config.</summary>
    /// <param name="config">The config, by the model of the specification's major version.</param>
    /// <param name="checker">The specification that it has to keep, and where faults go.</param>
    public static void Check(ConfigObject config, Checker checker)
    {
        foreach (var below in config.WithAllBelow())
        {
            DuplicateChecks.Check(below, checker);
        }

        IgnitionChecks.Check(config.Object("ignition"), checker);
        if (config.Object("storage") is { } storage)
        {
            DiskChecks.Check(storage, checker);
            FilesystemChecks.Check(storage, checker);
            LuksChecks.Check(storage, checker);
            NodeChecks.Check(storage, checker);
        }

        UnitChecks.Check(config, checker);
        PasswdChecks.Check(config.Object("passwd"), checker);
        if (config.Object("kernelArguments") is { } arguments)
        {
            DuplicateChecks.Between(arguments, "shouldExist", "shouldNotExist", checker);
        }
    }
}
