using Mayu.Client.Contracts;
using Spectre.Console;

namespace Mayu.Ctl.Output;

/// <summary>One colour for each state, the same in every table.</summary>
internal static class StateColors
{
    /// <summary>The colour of a machine that is stuck.</summary>
    public static Color Problem => Color.Red;

    /// <summary>The colour of what an operator decided and may have forgotten.</summary>
    public static Color Note => Color.Yellow;

    /// <summary>The state's colour, or null for a state this program does not know.</summary>
    public static Color? Of(string state) => state switch
    {
        MachineStates.Unknown => Color.Grey,
        MachineStates.Configured => Color.Blue,
        MachineStates.Installing => Color.Yellow,
        MachineStates.Installed => Color.Aqua,
        MachineStates.Running => Color.Green,
        _ => null,
    };
}
